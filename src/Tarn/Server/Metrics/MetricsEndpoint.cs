using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Tarn.Server.Metrics;

/// <summary><c>/metrics</c>, for Prometheus to scrape.</summary>
/// <param name="collector">What is shown.</param>
internal sealed class MetricsEndpoint(MetricsCollector collector)
{
    /// <summary>Maps it.</summary>
    public void Map(WebApplication application) => application.MapGet("/metrics", WriteAsync);

    private Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(PrometheusText.Format(collector.Collect()), context.RequestAborted);
    }
}
