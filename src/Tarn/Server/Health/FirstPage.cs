using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tarn.CommandLine;

namespace Tarn.Server.Health;

/// <summary><c>/</c>: what a person finds who opens the address that the start prints.</summary>
internal static class FirstPage
{
    private static readonly string s_text = $"""
        Tarn {TarnProgram.Version}

        /health/live   the process answers
        /health/ready  every part does its work
        /metrics       measurements for Prometheus

        The other doors (S3, Iceberg REST, Hive Metastore) have ports of their own: 'tarn up' prints them.

        """;

    /// <summary>Maps it.</summary>
    public static void Map(WebApplication application) => application.MapGet("/", static context =>
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(s_text, context.RequestAborted);
    });
}
