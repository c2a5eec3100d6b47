namespace StoreFront;

/// <summary>The upstream of the shop, in the words of FlakyUpstream.</summary>
internal static class StoreUpstream
{
    public const string Key = "storefront";

    public const string Behaviour =
        $"token-bucket?rate=50&burst=20&delay=20&errorShare=0.02&errorStatus=503&key={Key}";

    public const string Description = "allows 50 calls a second, burst 20, and fails 2 % of them with 503";
}
