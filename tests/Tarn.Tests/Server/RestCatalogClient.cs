using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tarn.Tests.Server;

/// <summary>A client of the Iceberg REST door of a running server, in the name of an access key.</summary>
internal sealed class RestCatalogClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _warehouse;

    private RestCatalogClient(HttpClient http, string warehouse) => (_http, _warehouse) = (http, Uri.EscapeDataString(warehouse));

    public static async Task<RestCatalogClient> ConnectAsync(RunningServer server, string accessKey, string secret, string warehouse = "lake")
    {
        var http = new HttpClient { BaseAddress = new Uri("http://" + server.Listeners["catalog"]) };
        var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", accessKey), new("client_secret", secret)]);
        var answer = await http.PostAsync("/v1/oauth/tokens", form);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Parse(await answer.Content.ReadAsStringAsync()).GetProperty("access_token").GetString());
        return new(http, warehouse);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path below the warehouse.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="delegation">Value of <c>X-Iceberg-Access-Delegation</c>; null for none.</param>
    public async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string? body = null, string? delegation = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/{_warehouse}/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (delegation is not null)
            request.Headers.Add("X-Iceberg-Access-Delegation", delegation);
        using var answer = await _http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : Parse(text));
    }

    /// <summary>The body of an answer that must be a success.</summary>
    public async Task<JsonElement> RequireAsync(string method, string path, string? body = null, string? delegation = null)
    {
        var (status, answer) = await SendAsync(method, path, body, delegation);
        Assert.True(status is >= 200 and < 300, $"{status}: {answer}");
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
