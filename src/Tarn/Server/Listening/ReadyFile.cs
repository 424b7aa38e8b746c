using System.Net;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Server.Listening;

/// <summary>The file that says that everything answers, and where: <c>{"http":"127.0.0.1:8080","s3":"127.0.0.1:9000"}</c>.</summary>
/// <param name="path">Absolute path.</param>
internal sealed class ReadyFile(string path)
{
    /// <summary>Writes the file in one step: whoever sees it sees all of it.</summary>
    /// <exception cref="TarnException">It cannot be written.</exception>
    public void Write(IEnumerable<KeyValuePair<string, IPEndPoint>> listeners) => Guard("Cannot write the ready file", () => UnfinishedFile.Write(path, Format(listeners)));

    /// <summary>Removes the file of an earlier run, or of this one when it stops.</summary>
    /// <exception cref="TarnException">It cannot be removed.</exception>
    public void Remove() => Guard("Cannot remove the ready file", () =>
    {
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw TarnException.NotFound($"There is no folder '{folder}' for the ready file '{path}'; make it, or give --ready-file another place.");
        File.Delete(path);
    });

    private static byte[] Format(IEnumerable<KeyValuePair<string, IPEndPoint>> listeners)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, endpoint) in listeners)
                json.WriteString(name, Reachable(endpoint).ToString());
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    // A listener on every address is reached from this machine by loopback.
    private static IPEndPoint Reachable(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, endpoint.Port) : endpoint;

    private void Guard(string what, Action act)
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, what, path);
        }
    }
}
