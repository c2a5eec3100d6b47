using System.Net.Sockets;
using System.Security.Authentication;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What each exception of the inner handlers is judged to be; the real ones are thrown in EndToEnd.</summary>
public sealed class ExceptionRulesTests
{
    public static IEnumerable<TestCaseData> Exceptions()
    {
        // Nothing was sent, so every method may be repeated.
        yield return Transient("name", Request(HttpRequestError.NameResolutionError), "name-resolution", true);
        yield return Transient("connect", Request(HttpRequestError.ConnectionError), "connect", true);
        yield return Transient("proxy", Request(HttpRequestError.ProxyTunnelError), "connect", true);
        yield return Transient(
            "handshake broken off",
            Request(HttpRequestError.SecureConnectionError, new IOException()), "tls-handshake", true);
        yield return Transient("REFUSED_STREAM", Protocol(0x7), "stream-refused", true);
        yield return Transient("H3_REQUEST_REJECTED", Protocol(0x10B), "stream-refused", true);

        // Perhaps it was acted on.
        yield return Transient("other stream error", Protocol(0x8), "response-ended");
        yield return Transient(
            "protocol error without a code", Request(HttpRequestError.HttpProtocolError), "response-ended");
        yield return Transient("cut off", Request(HttpRequestError.ResponseEnded), "response-ended");
        yield return Transient("of a handler", new HttpRequestException("broken"), "io");
        yield return Transient("reading failed", new HttpRequestException("broken", new IOException()), "io");
        yield return Transient("socket failed", new HttpRequestException("broken", new SocketException()), "io");
        yield return Transient("stream failed", new IOException(), "io");
        yield return Transient("socket", new SocketException(), "io");

        // Certificates and limits do not change by themselves.
        yield return Permanent(
            "certificate refused", Request(HttpRequestError.SecureConnectionError, new AuthenticationException()));
        yield return Permanent("user name refused", Request(HttpRequestError.UserAuthenticationError));
        yield return Permanent(
            "refused to an inner handler's own call",
            new HttpRequestException("401", null, System.Net.HttpStatusCode.Unauthorized));
        yield return Permanent("held back by an inner client", new SendRateLimitedException("later"));
        yield return Permanent("limit of the client", Request(HttpRequestError.ConfigurationLimitExceeded));
        yield return Permanent("defect inside", new HttpRequestException("broken", new InvalidOperationException()));
        yield return Permanent("defect", new InvalidOperationException());
        yield return Permanent("refused by a strategy", new NotSupportedException("Polly.Timeout"));
    }

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public void Classify_InnerHandlersOwnCallFailed_IsAServerError(int status) => Assert.That(
        ExceptionRules.Classify(new HttpRequestException("failed", null, (System.Net.HttpStatusCode)status)),
        Is.EqualTo(new AttemptVerdict
        {
            Kind = FailureKind.Transient,
            Cause = TransientCause.ServerError,
            Rule = "inner-status",
        }));

    [TestCaseSource(nameof(Exceptions))]
    public void Classify_Exception_IsWhatItSaysOfTheRequest(
        Exception exception, FailureKind kind, TransientCause cause, string rule, bool knownNotProcessed)
    {
        var verdict = ExceptionRules.Classify(exception);

        Assert.Multiple(() =>
        {
            Assert.That(verdict.Kind, Is.EqualTo(kind));
            Assert.That(verdict.Cause, Is.EqualTo(cause));
            Assert.That(verdict.Rule, Is.EqualTo(rule));
            Assert.That(verdict.KnownNotProcessed, Is.EqualTo(knownNotProcessed));
        });
    }

    public static IEnumerable<TestCaseData> Timeouts()
    {
        yield return Timeout("cancelled inside", new OperationCanceledException(), false);
        yield return Timeout("timed out", new TimeoutException(), false);
        yield return Timeout("of a strategy", new Polly.Timeout.TimeoutRejectedException("late"), false);
        yield return Timeout(
            "HttpClient.Timeout", new TaskCanceledException("late", new TimeoutException("HttpClient.Timeout")), false);
        yield return Timeout(
            "ConnectTimeout", new TaskCanceledException("late", new TimeoutException("... ConnectTimeout ...")), true);
        yield return Timeout(
            "of something else", new TaskCanceledException("late", new IOException("ConnectTimeout")), false);
    }

    [TestCaseSource(nameof(Timeouts))]
    public void Classify_Timeout_IsOneAndTellsWhetherThereWasAConnection(Exception exception, bool knownNotProcessed)
    {
        var verdict = ExceptionRules.Classify(exception);

        Assert.Multiple(() =>
        {
            Assert.That(verdict.Kind, Is.EqualTo(FailureKind.Transient));
            Assert.That(verdict.Cause, Is.EqualTo(TransientCause.Timeout));
            Assert.That(verdict.Rule, Is.EqualTo(knownNotProcessed ? "connect-timeout" : "timeout"));
            Assert.That(verdict.KnownNotProcessed, Is.EqualTo(knownNotProcessed));
        });
    }

    private static HttpRequestException Request(HttpRequestError error, Exception? inner = null) =>
        new(error, "failed", inner);

    private static HttpRequestException Protocol(long code) =>
        Request(HttpRequestError.HttpProtocolError, new HttpProtocolException(code, "reset", null));

    private static TestCaseData Transient(
        string name, Exception exception, string rule, bool knownNotProcessed = false) =>
        new TestCaseData(exception, FailureKind.Transient, TransientCause.Network, rule, knownNotProcessed)
            .SetArgDisplayNames(name);

    private static TestCaseData Permanent(string name, Exception exception) =>
        new TestCaseData(exception, FailureKind.Permanent, TransientCause.None, "exception", false)
            .SetArgDisplayNames(name);

    private static TestCaseData Timeout(string name, Exception exception, bool knownNotProcessed) =>
        new TestCaseData(exception, knownNotProcessed).SetArgDisplayNames(name);
}
