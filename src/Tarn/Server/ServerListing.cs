using System.Net;
using Tarn.Access.Administration;
using Tarn.CommandLine;
using Tarn.Server.Listening;
using Tarn.Server.Logging;

namespace Tarn.Server;

/// <summary>What <c>tarn up</c> prints when everything answers that can start now.</summary>
internal static class ServerListing
{
    /// <summary>The last line.</summary>
    public const string LastLine = "Ctrl-C stops it.";

    /// <summary>The lines.</summary>
    /// <param name="options">What the server runs with.</param>
    /// <param name="doors">Where it listens.</param>
    /// <param name="root">A key that was just drawn is shown, this once; with a log for programs, stdout is kept too, so then only its file is named.</param>
    /// <param name="configurationFile">The file that was read, or null.</param>
    public static IEnumerable<string> Lines(ServerOptions options, IReadOnlyList<DoorHost> doors, RootStart root, string? configurationFile)
    {
        yield return $"Tarn {TarnProgram.Version} is {(doors.Any(door => door.Bound is null) ? "not all ready yet" : "ready")} (process {Environment.ProcessId})";
        foreach (var door in doors.Where(door => door.Bound is null))
            yield return $"  {door.Door.Name,-8}could not start yet and is tried again: the log says why, and when it answers";
        foreach (var door in doors.Where(door => door.Bound is not null))
            yield return $"  {door.Door.Name,-8}{Address(door)}{(door.IsTls && door.Door.Scheme is not null ? " with TLS" : "")}{(door.Door.Address.IsLoopback ? "" : "  (reachable from other machines)")}";
        if (options.Remote is { Bucket: var bucket })
            yield return $"  s3      off: the lake is in the bucket '{bucket}' of an S3 service, which serves it";
        if (options.IsCatalogElsewhere)
            yield return "  catalog off: the configuration names a catalog elsewhere (catalog.rest or catalog.hive)";
        yield return $"  data    {options.DataFolder}";
        yield return $"  config  {configurationFile ?? "none: tarn.yaml, TARN_… and flags can change all of this"}";
        if (root.Generated is { } key)
        {
            bool isShown = options.LogForm == LogForm.Console;
            yield return isShown ? "First start: the credentials of root, shown this once" : "First start: the credentials of root, not shown because logs of this form are kept";
            if (isShown)
            {
                yield return $"  access key  {key.Id}";
                yield return $"  secret key  {key.Secret}";
            }

            yield return $"  kept in     {root.CredentialsFile} (readable by you alone)";
        }

        yield return LastLine;
    }

    private static string Address(DoorHost door) =>
        $"{(door.Door.Scheme ?? (door.IsTls ? "https" : "http"))}://{(door.Door.Address.Host == "*" ? new IPEndPoint(IPAddress.Any, door.Bound!.Port) : door.Bound)}";
}
