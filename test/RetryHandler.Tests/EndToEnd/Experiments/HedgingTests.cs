using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using RetryHandler.Tests.EndToEnd.Faults;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Several messages of one logical call at once through one client, as hedging sends them: the first success wins, the
/// others are cancelled.
/// </summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class HedgingTests
{
    private const int Messages = 3;
    private const int ParallelCalls = 16;
    private static readonly int Calls = FullSize.Of(5_000, 400);

    private readonly Random _random = new(7);

    [Test]
    public async Task SendAsync_SeveralMessagesOfACallAtOnce_EachKeepsItsContentAndNothingLeaks()
    {
        var mixedUp = 0;
        await using var upstream = await LoopbackUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var content = await reader.ReadToEndAsync();
            if (content != ContentOf(context.Request.Headers["X-Message"].ToString()))
            {
                Interlocked.Increment(ref mixedUp);
            }

            await AnswerAsync(context, content);
        });
        await using var client = new FaultClient(synchronous: false, upstream.Address, options =>
        {
            options.MaxAttempts = 10;
            options.Quota.Capacity = 1_000_000;
        });
        var wrong = 0;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Calls),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls },
            async (call, _) =>
            {
                var (message, answer) = await HedgeAsync(client.Http, call);
                if (answer != ContentOf(message))
                {
                    Interlocked.Increment(ref wrong);
                }
            });

        Assert.Multiple(() =>
        {
            Assert.That(mixedUp, Is.Zero, "requests with the content of another");
            Assert.That(wrong, Is.Zero, "answers to another");
            Assert.That(upstream.Requests, Is.GreaterThan(Calls), "the messages were really sent at once and again");
            client.AssertAtRest();
        });
    }

    /// <summary>Hedging without copies shares one content; that must work where the content allows it.</summary>
    [Test]
    public async Task SendAsync_MessagesShareAContentInMemory_AllArriveComplete()
    {
        var received = new ConcurrentBag<string>();
        var failures = Messages;
        await using var upstream = await LoopbackUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received.Add(await reader.ReadToEndAsync());
            context.Response.StatusCode = Interlocked.Decrement(ref failures) >= 0 ? 503 : 200;
        });
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var content = new StringContent("shared");

        // Who shares a content asks for its length first: otherwise the framework adds the header while it is sent, and
        // for two messages at once it may add it twice.
        _ = content.Headers.ContentLength;

        var responses = await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ =>
            client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Put, "orders/1") { Content = content })));

        Assert.Multiple(() =>
        {
            Assert.That(responses.Select(r => r.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
            Assert.That(received, Has.Count.EqualTo(2 * Messages).And.All.EqualTo("shared"));
            client.AssertAtRest();
        });
    }

    /// <summary>Sends the messages of one call at once, takes the first that succeeds and cancels the others.</summary>
    private static async Task<(string Message, string Answer)> HedgeAsync(HttpClient http, int call)
    {
        using var losers = new CancellationTokenSource();
        var attempts = Enumerable.Range(0, Messages).Select(n => SendAsync(http, $"{call}-{n}", losers.Token)).ToList();
        var all = attempts.ToList();
        try
        {
            while (true)
            {
                var first = await Task.WhenAny(attempts);
                if (first.IsCompletedSuccessfully || attempts.Count == 1)
                {
                    return await first;
                }

                attempts.Remove(first);
            }
        }
        finally
        {
            await losers.CancelAsync();
            await Task.WhenAll(all).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static async Task<(string Message, string Answer)> SendAsync(
        HttpClient http, string message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "orders/1")
        {
            Content = new StringContent(ContentOf(message)),
        };
        request.Headers.Add("X-Message", message);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (message, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private Task AnswerAsync(HttpContext context, string content)
    {
        int chance;
        lock (_random)
        {
            chance = _random.Next(4);
        }

        switch (chance)
        {
            case 0:
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            case 1:
                context.Abort();
                return Task.CompletedTask;
            default:
                return context.Response.WriteAsync(content);
        }
    }

    private static string ContentOf(string message) =>
        string.Create(CultureInfo.InvariantCulture, $"content of {message} {new string('x', message.Length * 100)}");
}
