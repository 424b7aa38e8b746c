using System.Globalization;
using Tarn.Core.Storage;

namespace Tarn.Engine.Writing;

/// <summary>A folder in the staging area for outputs whose number is not known beforehand; removed with what is left in it.</summary>
internal sealed class StagedFolder : IDisposable
{
    private readonly StagedFile place;
    private int next;

    public StagedFolder(IObjectStore store)
    {
        place = store.Stage(".d");
        Directory.CreateDirectory(place.Path);
    }

    /// <summary>A path inside the folder that nobody used yet.</summary>
    public string NextPath() => Path.Combine(place.Path, (next++).ToString(CultureInfo.InvariantCulture));

    /// <summary>Bytes of the files in it now. May be asked while they are written, from any thread.</summary>
    public long SizeBytes()
    {
        try
        {
            return new DirectoryInfo(place.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Finished files leave the folder between being seen and being measured.
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(place.Path))
            Directory.Delete(place.Path, recursive: true);
        place.Dispose();
    }
}
