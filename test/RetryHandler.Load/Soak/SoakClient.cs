namespace RetryHandler.Load.Soak;

/// <summary>One named client of the soak: the upstream that it meets, and what its callers do.</summary>
/// <param name="Name">The client's name, and the key of the upstream's counters.</param>
/// <param name="Behaviour">The upstream, in FlakyUpstream's language, without a key.</param>
internal sealed record SoakClient(string Name, string Behaviour)
{
    public static IReadOnlyList<SoakClient> All { get; } =
    [
        new("bucket", "token-bucket?rate=300&burst=30"),
        new("hinted", "aws-json?rate=300&burst=30&retryAfter=1"),
        new("window", "fixed-window?count=900&period=3&retryAfter=exact"),
        new("published", "token-bucket?rate=300&burst=60&publish=seconds"),
        new("overload", "concurrency?limit=8&delay=20"),
        new("errors", "errors?errorShare=0.1&errorStatus=503&delay=5"),
        new("aborts", "aborts?abortShare=0.05&late=true") { AreConnectionsCut = true },
        new("leaving", "token-bucket?rate=300&burst=30&delay=10") { LeavingShare = 0.3 },
        new("slow", "errors?errorShare=0.05&delay=60") { AttemptTimeout = TimeSpan.FromMilliseconds(80) },
        new("tenants", "token-bucket?rate=2000&burst=200&errorShare=0.02") { Tenants = 3000 },
    ];

    /// <summary>Gets whether connections are cut: the transport itself then sends some requests again.</summary>
    public bool AreConnectionsCut { get; init; }

    /// <summary>Gets the share of callers who leave before the answer, at a random moment.</summary>
    public double LeavingShare { get; init; }

    /// <summary>Gets the time limit of an attempt; shorter than what the upstream needs now and then.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Gets of how many keys each call names one, of which far fewer are kept at a time.</summary>
    public int Tenants { get; init; }

    /// <summary>Gets whether every attempt that is sent reaches the upstream, once.</summary>
    public bool IsCountExact => !AreConnectionsCut && LeavingShare == 0 && AttemptTimeout is null;

    public string Path => $"{Behaviour}&key={Name}";
}
