namespace FlakyUpstream;

internal static class HelpEndpoint
{
    private const string Help =
        """
        FlakyUpstream: an upstream with real limits and faults.

        Limits (any method; the path chooses the limit, the query its numbers)
          /token-bucket   rate=200  burst=20              429 when the bucket is empty
          /fixed-window   count=100 period=60             429 when the window (seconds) is spent
          /concurrency    limit=16                        503 when all slots are taken; use with delay
          /aws-json       rate=200  burst=20              400, JSON body with __type ...#ThrottlingException
          /aws-query      rate=200  burst=20              400, XML ErrorResponse with code Throttling
          /s3             rate=200  burst=20              503, XML Error with code SlowDown
          /unlimited  /errors  /slow  /aborts             no limit; the last three with a fault by default

        With every limit
          retryAfter=1        what a refusal sends as Retry-After, word for word; "exact" = the true wait
          status=503          another status for refusals
          publish=ietf        what is left, on every answer (not for concurrency): RateLimit; publish=seconds or epoch:
                              X-RateLimit-Limit, -Remaining and -Reset in seconds, or as an instant

        With every path
          delay=50            service time in milliseconds
          errorShare=0.1      share of accepted requests answered with errorStatus=500
          abortShare=0.1      share of accepted requests whose connection is cut before any response byte
          late=true           faults strike after the work was done, instead of before
          key=run-1           name of the counters, and a limit of its own for whoever uses it

        Limits and counters belong to the exact text of path and query: another key is a fresh limit.

        PUT /control/live                                 with a path and query as the body: what /tuned?key=live
                                                          stands for from now on

        /stats?key=run-1                                  counters of a key
        /orders  /orders/1  POST /orders                  a small order API; the request header
                                                          X-Upstream: token-bucket?rate=5&burst=3&key=a
                                                          puts a limit in front of it

        """;

    public static void MapHelp(this WebApplication app) => app.MapGet("/", () => Help);
}
