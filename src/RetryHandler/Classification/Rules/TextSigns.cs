namespace RetryHandler.Classification;

/// <summary>What the words of error messages say. A body may hold several messages, so the signs add up.</summary>
[Flags]
internal enum TextSigns
{
    None = 0,

    /// <summary>Speaks of a rate or of too many requests.</summary>
    Throttling = 1 << 0,

    /// <summary>Says that the server is overloaded or throttles: enough to tell a 503 from an outage.</summary>
    Overload = 1 << 1,

    /// <summary>Speaks of a day or a month.</summary>
    LongPeriod = 1 << 2,

    /// <summary>Speaks of credits or bills, which are those of the API itself.</summary>
    Credits = 1 << 3,

    /// <summary>Says that money has run out, in words that nothing else uses.</summary>
    NoCredit = 1 << 4,

    /// <summary>Speaks of a quota of calls without saying for how long.</summary>
    CallQuota = 1 << 5,

    /// <summary>Says that something is used up or exceeded.</summary>
    Exceeded = 1 << 6,

    /// <summary>Speaks of the caller's rights or of what is switched on.</summary>
    Permission = 1 << 7,

    /// <summary>Says that this request alone is larger than the limit.</summary>
    TooLarge = 1 << 8,

    /// <summary>Says that another operation holds what this one needs.</summary>
    Locked = 1 << 9,

    /// <summary>Speaks of what runs at the same time; such limits are never daily.</summary>
    Concurrency = 1 << 10,

    /// <summary>Speaks of seconds, minutes or hours.</summary>
    ShortPeriod = 1 << 11,

    /// <summary>Facebook's "(#4) Application request limit reached", which comes with status 400.</summary>
    RequestLimit = 1 << 12,

    /// <summary>GitHub's secondary limits, which come without a delay.</summary>
    SecondaryLimit = 1 << 13,

    /// <summary>"Limit Exceeded" and nothing else: a usage plan of AWS's API Gateway.</summary>
    PlanLimit = 1 << 14,

    /// <summary>Speaks of a balance, which may be the API's own bill or somebody's account.</summary>
    Balance = 1 << 15,

    /// <summary>Says that more was sent than is allowed, of whatever.</summary>
    Over = 1 << 16,

    /// <summary>Says what a value has to be, so that limits are those of the value.</summary>
    Validation = 1 << 17,

    /// <summary>Says that the caller went over a rate, and not only that there is one.</summary>
    Refusal = 1 << 18,

    /// <summary>Says outright that the caller went over a rate, in words that nothing else uses.</summary>
    CertainRefusal = 1 << 19,

    /// <summary>Asks to come back later.</summary>
    Later = 1 << 20,

    /// <summary>Gives advice, or names a class of Java's: other words may be about anything.</summary>
    Advice = 1 << 22,

    /// <summary>Speaks of calls, as opposed to what they are about.</summary>
    Calls = 1 << 21,
}
