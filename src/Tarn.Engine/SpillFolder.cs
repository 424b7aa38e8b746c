using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine;

/// <summary>
/// A folder for what does not fit into memory: in the staging area, so that whatever a killed process leaves is removed with it, or in the system's
/// temporary folder where the staging area cannot be written. The engine makes the folder when it needs it. Removed when this is disposed.
/// </summary>
internal sealed class SpillFolder(IObjectStore store) : IDisposable
{
    private readonly Lazy<Chosen> folder = new(() => Choose(store));

    /// <summary>Absolute path.</summary>
    public string Path => folder.Value.Path;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!folder.IsValueCreated)
            return;
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        folder.Value.Place?.Dispose();
    }

    private static Chosen Choose(IObjectStore store)
    {
        try
        {
            var place = store.Stage(".spill");
            return new Chosen(place.Path, place);
        }
        catch (TarnException)
        {
            // Reading must work where nothing can be written.
            return new Chosen(System.IO.Path.Join(System.IO.Path.GetTempPath(), $"tarn-{Guid.NewGuid():N}.spill"), Place: null);
        }
    }

    private sealed record Chosen(string Path, StagedFile? Place);
}
