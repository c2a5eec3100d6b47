using FlakyUpstream;

// dotnet run --project samples/FlakyUpstream -- --urls http://127.0.0.1:5080
await using var upstream = await FlakyUpstreamHost.StartStandaloneAsync(args);

Console.WriteLine($"FlakyUpstream listens at {upstream.BaseAddress}");
Console.WriteLine($"  curl -i '{upstream.BaseAddress}token-bucket?rate=5&burst=3&retryAfter=1'");
Console.WriteLine("The root page lists every path and parameter. Ctrl+C ends it.");

await upstream.WaitForShutdownAsync();
