using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Iceberg.Scanning;

/// <summary>A manifest or manifest list of a snapshot.</summary>
internal static class SnapshotFile
{
    /// <summary>Reads and decodes one.</summary>
    /// <exception cref="TarnException">DataCorrupted when it is missing or damaged, with the way out.</exception>
    internal static async ValueTask<T> ReadAsync<T>(IObjectStore store, string location, Func<ReadOnlyMemory<byte>, T> decode, CancellationToken cancellationToken)
    {
        try
        {
            return decode(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false));
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted(
                $"{error.Message.TrimEnd('.')}. The snapshot needs this file: restore it from a backup, or roll the table back to a snapshot that does not list it.", error);
        }
    }
}
