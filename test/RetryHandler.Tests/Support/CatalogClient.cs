using System.Net.Http.Json;

namespace RetryHandler.Tests.Support;

/// <summary>A typed client as people write them, with no knowledge of this library.</summary>
internal sealed class CatalogClient(HttpClient http)
{
    public async Task<string[]> GetTitlesAsync(int page, CancellationToken cancellationToken = default) =>
        await http.GetFromJsonAsync<string[]>($"books?page={page}", cancellationToken) ?? [];

    public async Task<int> AddAsync(string title, CancellationToken cancellationToken = default)
    {
        using var response = await http.PostAsJsonAsync("books", new { title }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<int>(cancellationToken);
    }
}
