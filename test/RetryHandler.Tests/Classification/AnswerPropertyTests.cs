using FsCheck;
using FsCheck.Fluent;

namespace RetryHandler.Tests.Classification;

/// <summary>
/// Any bytes, any headers, any chunking, through the real handler: a verdict in time, and for the caller what the
/// server sent, when it sent it.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class AnswerPropertyTests
{
    private const int Answers = 1000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The same answers in every run; a failure names the seed of the one that fails.</summary>
    [Test]
    public void SendAsync_AnyAnswer_IsJudgedInTimeAndHandedOnAsSent() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Answers).WithEndSize(60).WithReplay(1, 3),
        Prop.ForAll(Arb.From(AnswerGenerator.Answers), static answer =>

            // On a thread without a context of its own continuations run at once, within the timer that they wait for.
            Task.Run(() => Holds(answer)).GetAwaiter().GetResult()));

    private static bool Holds(Answer answer)
    {
        var time = new ManualTimeProvider();
        var upstream = new ScriptedHandler(time, _ => answer.ToResponse(time));
        using var client = new ClientUnderTest(time, upstream, options =>
        {
            options.MaxAttempts = 1;
            options.Classification.InspectSuccessBodies = true;
            options.Classification.MaxErrorBodyBytes = answer.PeekBytes;
            options.Classification.ErrorBodyTimeout = Limit;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
        using var response = Run(time, client.Start(request), Limit);
        using var asSent = answer.ToResponse(time);
        return (int)response.StatusCode == answer.Status
            && HeadersOf(response) == HeadersOf(asSent)
            && ReadsAsSent(answer, response, time);
    }

    private static bool ReadsAsSent(Answer answer, HttpResponseMessage response, ManualTimeProvider time)
    {
        var buffer = new byte[answer.ReadSize];
        var received = new List<byte>();
        var stream = Run(time, response.Content.ReadAsStreamAsync());
        while (received.Count < answer.Body.Length)
        {
            var count = Run(time, stream.ReadAsync(buffer).AsTask());
            received.AddRange(buffer.AsSpan(0, count));
            if (count == 0)
            {
                return false;
            }
        }

        return received.SequenceEqual(answer.Body) && EndsAsSent(answer.End, stream, time);
    }

    private static bool EndsAsSent(BodyEnd end, Stream stream, ManualTimeProvider time)
    {
        var last = stream.ReadAsync(new byte[1]).AsTask();
        while (!last.IsCompleted && time.FireNext())
        {
        }

        return end switch
        {
            BodyEnd.Complete => last is { IsCompletedSuccessfully: true, Result: 0 },
            BodyEnd.Break => last.Exception?.InnerException is IOException,
            _ => !last.IsCompleted,
        };
    }

    /// <summary>Moves the clock until a task ends, which all continuations do on this thread.</summary>
    private static T Run<T>(ManualTimeProvider time, Task<T> task, TimeSpan? limit = null)
    {
        while (!task.IsCompleted && time.FireNext())
        {
        }

        // Exceptions, not assertions: they make the property false, and then the answer is shown.
        return !task.IsCompleted ? throw new InvalidOperationException("It waits for something that is not a timer.")
            : time.Elapsed > limit ? throw new InvalidOperationException($"It took {time.Elapsed}.")
            : task.GetAwaiter().GetResult();
    }

    private static string HeadersOf(HttpResponseMessage response) => string.Join(
        '\n',
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(static header => $"{header.Key}: {header.Value}")
            .Order(StringComparer.Ordinal));
}
