using System.Text.Json;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Signing;

/// <summary>A request to the storage that is to be signed (<c>RemoteSignRequest</c>).</summary>
/// <param name="Region">Region that it is signed for.</param>
/// <param name="Method">HTTP method in upper case.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Headers">Its headers; names in lower case, values as the signature wants them.</param>
/// <param name="Body">Its body, where the client shows it; null otherwise.</param>
/// <param name="Properties">What the client was told to send along.</param>
internal sealed record SignRequest(string Region, string Method, StorageTarget Target, IReadOnlyDictionary<string, string> Headers, string? Body, IReadOnlyDictionary<string, string>? Properties)
{
    private const string Provider = "s3";

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="RestException">400: it is no such request.</exception>
    public static SignRequest Read(RestBody body)
    {
        if (body.Optional("provider")?.AsText() is { } provider && !provider.Equals(Provider, StringComparison.OrdinalIgnoreCase))
            throw RestException.BadRequest($"provider is '{provider}'; requests to {Provider} can be signed.");
        string region = body.Text("region");
        if (!region.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-'))
            throw RestException.BadRequest($"region '{region}' is none.");
        return new SignRequest(
            region, body.Text("method").ToUpperInvariant(), StorageTarget.Read(body.Text("uri")), HeadersOf(body.Required("headers")), body.Optional("body")?.AsText(), body.Optional("properties")?.AsStringMap());
    }

    private static Dictionary<string, string> HeadersOf(RestBody headers)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (headers.Json.ValueKind != JsonValueKind.Object)
            throw RestException.BadRequest("headers is no object.");
        foreach (var header in headers.Json.EnumerateObject())
        {
            var values = new RestBody(header.Value, $"headers.{header.Name}").AsList().Select(value => Collapsed(value.AsText()));
            string name = header.Name.ToLowerInvariant();
            read[name] = read.TryGetValue(name, out string? before) ? $"{before},{string.Join(',', values)}" : string.Join(',', values);
        }

        return read;
    }

    private static string Collapsed(string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n'))
            throw RestException.BadRequest("A header has a line break.");
        return string.Join(' ', value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}
