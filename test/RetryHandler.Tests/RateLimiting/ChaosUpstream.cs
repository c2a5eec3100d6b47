using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>An upstream that every few seconds becomes another one, and is healthy in the end.</summary>
internal sealed class ChaosUpstream(Random random, double end)
{
    /// <summary>How many requests per second it takes while it is healthy.</summary>
    public const double HealthyRate = 50;

    private readonly Func<double, bool> _healthy = ModelUpstream.Bucket(HealthyRate, burst: 50);
    private Func<double, SendResponse?>? _mood;
    private double _moodUntil = 20;

    public SendResponse? Answer(double now)
    {
        if (now >= end || now < 20)
        {
            return Healthy(now);
        }

        if (now >= _moodUntil)
        {
            _moodUntil = now + random.Next(1, 40);
            _mood = NextMood();
        }

        return _mood!(now);
    }

    private SendResponse Healthy(double now) => Of(_healthy(now));

    private Func<double, SendResponse?> NextMood()
    {
        var (share, smallShare) = (random.NextDouble(), 0.3 * random.NextDouble());
        var length = random.Next(1, 20);
        var window = ModelUpstream.Window(random.Next(1, 300), length);
        var small = ModelUpstream.Bucket(Math.Pow(10, random.Next(-1, 3)), burst: 10);
        return random.Next(10) switch
        {
            0 => now => Healthy(now),
            1 => now => Chance(share) ? ControllerRun.Refused : Healthy(now),
            2 => now => Chance(smallShare) ? Unavailable : Of(window(now)),
            3 => now => Chance(smallShare) ? new SendResponse(SendFeedback.Failed) : Named(window(now), length, now),
            4 => now => Chance(smallShare) ? null : Named(window(now), length, now),
            5 => now => Of(small(now)),
            6 => now => Chance(smallShare) ? Unavailable : Named(window(now), length, now),
            7 => _ => Chance(share) ? Unavailable : ControllerRun.Accepted,
            8 => _ => ControllerRun.Refused,
            _ => now => Chance(share) ? Named(isAccepted: false, length, now) : Healthy(now),
        };
    }

    private bool Chance(double share) => random.NextDouble() < share;

    private static SendResponse Unavailable => new(SendFeedback.Unavailable);

    private static SendResponse Of(bool isAccepted) => isAccepted ? ControllerRun.Accepted : ControllerRun.Refused;

    /// <summary>Refuses with the rest of the window, in whole seconds.</summary>
    private static SendResponse Named(bool isAccepted, double length, double now) => isAccepted
        ? ControllerRun.Accepted
        : ControllerRun.Refused with { ServerDelay = TimeSpan.FromSeconds(Math.Ceiling(length - (now % length))) };
}
