using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tarn.S3.Requests;

namespace Tarn.S3.Tests.Requests;

/// <summary>Makes requests without a network.</summary>
internal static class RequestFactory
{
    public static S3Request Create(string method, string target, IEnumerable<(string Name, string Value)> headers, params string[] domains)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        foreach (var (name, value) in headers)
            http.Request.Headers.Append(name, value);
        return S3Request.Read(http, new S3Options { Domains = domains });
    }
}
