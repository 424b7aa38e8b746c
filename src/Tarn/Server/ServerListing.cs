using System.Net;
using Tarn.CommandLine;
using Tarn.Server.Listening;

namespace Tarn.Server;

/// <summary>What <c>tarn up</c> prints when everything answers.</summary>
internal static class ServerListing
{
    /// <summary>The last line.</summary>
    public const string LastLine = "Ctrl-C stops it.";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(ServerOptions options, IReadOnlyList<DoorHost> doors, string? configurationFile)
    {
        yield return $"Tarn {TarnProgram.Version} is ready (process {Environment.ProcessId})";
        foreach (var door in doors)
            yield return $"  {door.Door.Name,-8}{Address(door)}{(door.Door.Address.IsLoopback ? "" : "  (reachable from other machines)")}";
        yield return $"  data    {options.DataFolder}";
        yield return $"  config  {configurationFile ?? "none: tarn.yaml, TARN_… and flags can change all of this"}";
        yield return LastLine;
    }

    private static string Address(DoorHost door) =>
        $"{(door.IsTls ? "https" : "http")}://{(door.Door.Address.Host == "*" ? new IPEndPoint(IPAddress.Any, door.Bound!.Port) : door.Bound)}";
}
