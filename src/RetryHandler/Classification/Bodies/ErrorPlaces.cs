namespace RetryHandler.Classification;

/// <summary>Leads from one place in a body to the next.</summary>
internal static class ErrorPlaces
{
    /// <summary>Finds the place of what stands in the object that <paramref name="key"/> names.</summary>
    public static ErrorPlace Enter(ErrorPlace place, ErrorKey key) => (place, key.Name) switch
    {
        (ErrorPlace.Outside or ErrorPlace.Aside or ErrorPlace.Data, _) => place,
        (ErrorPlace.Root, KeyName.Error) => ErrorPlace.RootError,
        (ErrorPlace.Root, KeyName.Errors) => ErrorPlace.RootErrors,
        (ErrorPlace.Root, KeyName.Response) => ErrorPlace.Response,
        (ErrorPlace.Root, KeyName.Json) => ErrorPlace.Json,
        (ErrorPlace.RootErrors, KeyName.Extensions) => ErrorPlace.GraphExtensions,
        (ErrorPlace.Response, KeyName.Error) => ErrorPlace.ResponseError,
        (ErrorPlace.Root, KeyName.Meta) => ErrorPlace.Error,
        (ErrorPlace.Root, KeyName.Data) => ErrorPlace.Data,
        (_, KeyName.Aside or KeyName.Data or KeyName.Meta or KeyName.Incidental) => ErrorPlace.Aside,
        _ when !key.Roles.Has(KeyRoles.Container) => ErrorPlace.Outside,
        (ErrorPlace.Cause, _) or (_, KeyName.Cause) => ErrorPlace.Cause,
        _ => ErrorPlace.Error,
    };

    public static bool IsCode(ErrorPlace place, ErrorKey key) =>
        key.Name == KeyName.AwsType ? place == ErrorPlace.Root
        : key.Roles.Has(KeyRoles.Code)
            || (key.Roles.Has(KeyRoles.NestedCode) && place != ErrorPlace.Root)
            || (key.Roles.Has(KeyRoles.OuterCode) && place is ErrorPlace.Root or ErrorPlace.RootError);
}
