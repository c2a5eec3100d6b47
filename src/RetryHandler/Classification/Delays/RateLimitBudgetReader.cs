using System.Net.Http.Headers;

namespace RetryHandler.Classification;

/// <summary>
/// Reads the limits that a response reports, and keeps the one that binds most: the IETF's <c>RateLimit</c> field, and
/// groups of headers such as <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>, whatever stands around
/// these words.
/// </summary>
internal struct RateLimitBudgetReader(HttpHeadersNonValidated headers, ServerClock clock)
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    // Nobody counts a rate for longer; a limit that is reset later is a quota.
    private static readonly TimeSpan ShortestQuota = TimeSpan.FromHours(6);

    private RateLimitBudget? _tightest;

    public RateLimitBudget? Read()
    {
        var scope = default(string);
        var left = LimitNames.MostLimits;
        foreach (var (name, values) in headers)
        {
            if (LimitNames.IsField(name) && left-- > 0)
            {
                AddField(name, values.ToString());
            }
            else if (LimitNames.IndexOfRemaining(name) is var index and >= 0 && left-- > 0)
            {
                AddGroup(name, index, values.ToString());
            }
            else if (LimitNames.IsScope(name))
            {
                scope = values.ToString();
            }
        }

        return _tightest is { } tightest ? tightest with { Scope = scope } : null;
    }

    private void AddField(string name, string field)
    {
        var policies = FindPolicies(name);
        foreach (var item in new RateLimitItems(field))
        {
            if (item.Remaining is { } remaining && !LongPeriod.IsIn(item.Name))
            {
                var (quota, window) = FindPolicy(policies, item);
                Add(new RateLimitBudget
                {
                    Remaining = (double)remaining,
                    Limit = (double?)quota,
                    ResetIn = item.Reset.From(clock),
                    Window = window.From(clock),
                    CountsRequests = LimitNames.CountsRequests(item.Name),
                });
            }
        }
    }

    /// <summary>Finds <c>RateLimit-Policy</c>, or the same with the prefix of the field.</summary>
    private readonly string? FindPolicies(string name)
    {
        foreach (var (other, values) in headers)
        {
            if (LimitNames.Between(other, name, default).Equals("-Policy", IgnoreCase))
            {
                return values.ToString();
            }
        }

        return null;
    }

    /// <summary>Finds the policy of a limit by its name, or where limits have none (draft 07), by its number.</summary>
    private static (decimal? Quota, DelayHint Window) FindPolicy(ReadOnlySpan<char> policies, RateLimitItem limit)
    {
        foreach (var policy in new RateLimitItems(policies))
        {
            if (!limit.Name.IsEmpty && policy.Name.SequenceEqual(limit.Name))
            {
                return (policy.Quota, policy.Window);
            }

            if (limit.Name.IsEmpty
                && DelayText.TryReadNumber(policy.Name, out var number)
                && number == (limit.Quota ?? number))
            {
                return (number, policy.Window);
            }
        }

        return (limit.Quota, limit.Window);
    }

    /// <summary>Adds the limit that a header such as <c>X-RateLimit-Remaining-Tokens</c> belongs to.</summary>
    private void AddGroup(ReadOnlySpan<char> name, int index, string value)
    {
        // "32/40" tells the limit too.
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var (remaining, window) = ReadNumber(slash < 0 ? value : value.AsSpan(0, slash));
        if (remaining is null)
        {
            return;
        }

        var before = name[..index];
        var after = name[(index + LimitNames.Remaining.Length)..];
        var limit = slash < 0 ? null : ReadNumber(value.AsSpan(slash + 1)).Number;
        var reset = default(DelayHint);
        foreach (var (other, values) in headers)
        {
            var word = LimitNames.Between(other, before, after);
            if (LimitNames.IsReset(word))
            {
                reset = reset.OrLonger(LimitResets.ReadReset(other, values.ToString()));
            }
            else if (word.Equals("limit", IgnoreCase) || word.Equals("max", IgnoreCase))
            {
                (limit, var ofLimit) = ReadNumber(values.ToString());
                window ??= ofLimit;
            }
            else if (word.Equals("interval-milliseconds", IgnoreCase))
            {
                window ??= DelayText.ReadMilliseconds(values.ToString()).From(clock);
            }
        }

        Add(new RateLimitBudget
        {
            Remaining = remaining.Value,
            Limit = limit,
            ResetIn = reset.From(clock),
            Window = window ?? LimitNames.WindowOf(name),
            CountsRequests = LimitNames.CountsRequests(name),
        });
    }

    private void Add(in RateLimitBudget budget)
    {
        // A limit of 0 is one that is switched off.
        if (budget.Limit == 0 || budget.ResetIn >= ShortestQuota || budget.Window >= ShortestQuota)
        {
            return;
        }

        _tightest = _tightest is { } tightest && !budget.BindsMoreThan(tightest) ? tightest : budget;
    }

    /// <summary>Reads "76", or "76;w=60", or "100, 100;w=60", where the second part says more of the first.</summary>
    private readonly (double? Number, TimeSpan? Window) ReadNumber(ReadOnlySpan<char> value)
    {
        var first = default(decimal?);
        foreach (var item in new RateLimitItems(value))
        {
            if (!DelayText.TryReadNumber(item.Name, out var number))
            {
                break;
            }

            first ??= number;
            if (number == first && !item.Window.IsNone)
            {
                return ((double)first, item.Window.From(clock));
            }
        }

        return ((double?)first, null);
    }
}
