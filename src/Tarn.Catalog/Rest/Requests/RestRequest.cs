using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tarn.Catalog.Rest.Requests;

/// <summary>A request as the REST catalog sees it.</summary>
internal sealed class RestRequest
{
    private const int MaxClientLength = 64;

    private RestRequest(HttpContext http, IReadOnlyList<string> segments, RestQuery query) => (Http, Segments, Query) = (http, segments, query);

    /// <summary>The exchange beneath.</summary>
    public HttpContext Http { get; }

    /// <summary>Segments of the path as they stand in the request line: an encoded slash is part of a segment.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Parsed query.</summary>
    public RestQuery Query { get; }

    /// <summary>Path and query exactly as they stand in the request line.</summary>
    public string Target => Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>HTTP method in upper case.</summary>
    public string Method => Http.Request.Method;

    /// <summary>Where the request came from.</summary>
    public IPAddress? Source => Http.Connection.RemoteIpAddress;

    /// <summary>The program that asks: the first product of <c>User-Agent</c>, at most 64 characters; empty when it names none.</summary>
    public string Client => Header("User-Agent")?.Split(' ', 2)[0] is { Length: <= MaxClientLength } client ? client : "";

    /// <summary>Host under which the client reached the server, without port.</summary>
    public string Host => Http.Request.Host.Host is { Length: > 0 } host ? host : IPAddress.Loopback.ToString();

    /// <summary>Address under which the client reached the server, without slash at the end.</summary>
    public string BaseAddress => $"{Http.Request.Scheme}://{(Http.Request.Host.HasValue ? Http.Request.Host.Value : Host)}";

    /// <summary>A header's value, or null when it is absent; several values are joined by commas.</summary>
    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Reads the head of a request.</summary>
    /// <exception cref="Errors.RestException">The query is not encoded right.</exception>
    public static RestRequest Read(HttpContext http)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? target : target[..question];
        // A client whose base address ends at a slash may double it.
        return new(http, path.Split('/', StringSplitOptions.RemoveEmptyEntries), RestQuery.Parse(question < 0 ? "" : target[(question + 1)..]));
    }
}
