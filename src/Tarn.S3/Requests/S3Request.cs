using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tarn.S3.Requests;

/// <summary>A request as the S3 API sees it: method, address, query and headers, nothing of which the body was read for.</summary>
internal sealed class S3Request
{
    private S3Request(HttpContext http, RequestTarget target, RequestQuery query, S3Address address)
        => (Http, Target, Query, Address) = (http, target, query, address);

    /// <summary>The exchange beneath.</summary>
    public HttpContext Http { get; }

    /// <summary>Path and query as sent.</summary>
    public RequestTarget Target { get; }

    /// <summary>Parsed query.</summary>
    public RequestQuery Query { get; }

    /// <summary>Bucket and key.</summary>
    public S3Address Address { get; }

    /// <summary>HTTP method in upper case.</summary>
    public string Method => Http.Request.Method;

    /// <summary>Name of the bucket; empty at service level.</summary>
    public string Bucket => Address.Bucket;

    /// <summary>Key; empty above object level.</summary>
    public string Key => Address.Key;

    /// <summary>All headers.</summary>
    public IHeaderDictionary Headers => Http.Request.Headers;

    /// <summary>The parameter <c>versionId</c>, or null when it is absent or empty.</summary>
    public string? VersionId => Query.TryGet("versionId", out string? id) ? id : null;

    /// <summary>Where the request came from.</summary>
    public IPAddress? Source => Http.Connection.RemoteIpAddress;

    /// <summary>A header's value, or null when it is absent; several values are joined by commas.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Reads a request.</summary>
    /// <exception cref="Errors.S3Exception">InvalidURI or InvalidArgument.</exception>
    public static S3Request Read(HttpContext http, S3Options options)
    {
        string raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = RequestTarget.Parse(raw);
        return new(http, target, RequestQuery.Parse(target.RawQuery), S3Address.Resolve(target.Path, http.Request.Host.Value ?? "", options.Domains));
    }
}
