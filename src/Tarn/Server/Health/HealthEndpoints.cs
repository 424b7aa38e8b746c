using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tarn.Server.Parts;

namespace Tarn.Server.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: every part does its work, else status 503; in both cases JSON with the state
/// and the reason of each part.
/// </summary>
/// <param name="parts">The parts of this server.</param>
internal sealed class HealthEndpoints(IReadOnlyList<PartSupervisor> parts)
{
    /// <summary>Maps both.</summary>
    public void Map(WebApplication application)
    {
        application.MapGet("/health/live", static context => WriteAsync(context, StatusCodes.Status200OK, static json => json.WriteString("status", "live")));
        application.MapGet("/health/ready", WriteReadyAsync);
    }

    private Task WriteReadyAsync(HttpContext context)
    {
        var states = parts.Select(part => (part.Name, part.State)).ToList();
        bool isReady = states.All(part => part.State.IsReady);
        return WriteAsync(context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteString("status", isReady ? "ready" : "not ready");
            json.WriteStartObject("parts");
            foreach (var (name, state) in states)
                Write(json, name, state);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, string name, PartState state)
    {
        json.WriteStartObject(name);
        json.WriteString("status", state.IsReady ? "ready" : state.Phase == PartPhase.Running ? "faulty" : JsonNamingPolicy.CamelCase.ConvertName(state.Phase.ToString()));
        if (state.Reason is { } reason)
            json.WriteString("reason", reason);
        json.WriteNumber("restarts", state.Restarts);
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
