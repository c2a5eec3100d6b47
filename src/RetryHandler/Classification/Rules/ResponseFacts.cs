namespace RetryHandler.Classification;

/// <summary>All that is known of an error response when it is judged.</summary>
internal readonly struct ResponseFacts
{
    public ResponseFacts(
        HttpResponseMessage response, in HeaderFacts headers, in ErrorBodyFacts body, ClassificationSettings settings)
    {
        Response = response;
        Settings = settings;
        if (settings.Layers.Has(ClassificationLayers.Headers))
        {
            Headers = headers;
            Hints = body.Hints;
        }

        if (settings.Layers.Has(ClassificationLayers.Codes))
        {
            HeaderCodes = headers.Codes;
            Codes = headers.ReplacesBodyCodes ? headers.Codes : headers.Codes | body.Codes;
            AreCodesAboutFields = body.AreCodesAboutFields && !headers.ReplacesBodyCodes;
            IsOwnRefusal = headers.Codes.Has(CodeSigns.Throttling | CodeSigns.Overload)
                || (body.IsOwnRefusal && !headers.ReplacesBodyCodes);
        }

        if (settings.Layers.Has(ClassificationLayers.Text))
        {
            Text = headers.Text | body.Text;
        }
    }

    public HttpResponseMessage Response { get; }

    public ClassificationSettings Settings { get; }

    public int Status => (int)Response.StatusCode;

    public HeaderFacts Headers { get; }

    public BodyHints Hints { get; }

    public TextSigns Text { get; }

    /// <summary>Gets what the codes in headers say.</summary>
    public CodeSigns HeaderCodes { get; }

    /// <summary>Gets what all codes say.</summary>
    public CodeSigns Codes { get; }

    /// <summary>Gets whether the codes of throttling describe the fields of a malformed request.</summary>
    public bool AreCodesAboutFields { get; }

    /// <summary>Gets whether a code says of the error itself that it is a refusal.</summary>
    public bool IsOwnRefusal { get; }

    public bool Has(CodeSigns sign) => Codes.Has(sign);

    public bool Says(TextSigns sign) => Text.Has(sign);
}
