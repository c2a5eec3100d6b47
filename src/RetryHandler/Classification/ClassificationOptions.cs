namespace RetryHandler;

/// <summary>Settings of the rules that judge responses and exceptions.</summary>
public sealed class ClassificationOptions
{
    /// <summary>Gets the status codes that mean throttling, unless the answer says something else.</summary>
    /// <remarks>
    /// What headers and body say counts first: a used-up quota, a lock, a request that is too large. A throttled
    /// request was not processed, so that it is repeated whatever its method: don't add a status with which a gateway
    /// may lose an answer, such as 502.
    /// </remarks>
    /// <value>The default is 420, 429, 509 and 529. Each must be between 400 and 599.</value>
    public ISet<int> ThrottledStatusCodes { get; } = new HashSet<int> { 420, 429, 509, 529 };

    /// <summary>Gets the status codes that mean a fault that may pass.</summary>
    /// <remarks>
    /// 501 and 505 are permanent: the same request fails again (RFC 9110, sections 15.6.2 and 15.6.6).
    /// </remarks>
    /// <value>
    /// The default is 408, 423, 425, 449, 500, 502, 503, 504 and 520 to 524. Each must be between 400 and 599.
    /// </value>
    public ISet<int> TransientStatusCodes { get; } =
        new HashSet<int> { 408, 423, 425, 449, 500, 502, 503, 504, 520, 521, 522, 523, 524 };

    /// <summary>Gets error codes, beside the built-in ones, that mean throttling.</summary>
    /// <remarks>
    /// Compared with the code found in a header or at an error position of the body, by its letters and digits alone:
    /// <c>RATE_LIMIT</c> and <c>rateLimit</c> are one. What is throttled was not processed, and is repeated whatever
    /// its method.
    /// </remarks>
    /// <value>
    /// The default is empty. Each needs a letter or digit, must be ASCII and of 128 characters at most.
    /// </value>
    public ISet<string> ThrottlingErrorCodes { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets error codes, beside the built-in ones, that mean a fault that may pass.</summary>
    /// <remarks>
    /// Compared like <see cref="ThrottlingErrorCodes"/>. A code that stands in both sets is taken as throttling.
    /// </remarks>
    /// <value>The default is empty.</value>
    public ISet<string> TransientErrorCodes { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets how many bytes of an error body are looked at.</summary>
    /// <remarks>The caller still receives the complete body, whatever its size.</remarks>
    /// <value>The default is 4096 bytes. Between 0 (bodies are never looked at) and 65,536.</value>
    public int MaxErrorBodyBytes { get; set; } = 4096;

    /// <summary>Gets or sets how long the first bytes of an error body may take to arrive.</summary>
    /// <remarks>
    /// After it the outcome is judged with the bytes at hand; the caller still receives the complete body.
    /// </remarks>
    /// <value>The default is 1 second. Must be positive and at most 1 minute.</value>
    public TimeSpan ErrorBodyTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets whether the bodies of successes are looked at too.</summary>
    /// <remarks>
    /// Some APIs answer 200 and put the failure into the body: GraphQL, Slack, Tencent Cloud, Google Maps, S3 when it
    /// copies or completes an upload. When on, the first <see cref="MaxErrorBodyBytes"/> of JSON and XML bodies with
    /// status 200 are read, for at most <see cref="ErrorBodyTimeout"/>, before the response is returned; only errors at
    /// the places that these APIs use count. Streams of events and other content are never touched. Leave it off for
    /// upstreams that use status codes, because it delays every response until its body begins.
    /// </remarks>
    /// <value>The default is <see langword="false"/>: a success is handed on as it comes.</value>
    public bool InspectSuccessBodies { get; set; }

    /// <summary>Gets classifiers that are asked before the built-in rules, in order.</summary>
    /// <value>The default is empty.</value>
    public IList<IOutcomeClassifier> Classifiers { get; } = [];
}
