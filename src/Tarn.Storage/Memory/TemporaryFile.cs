using Tarn.Core.Storage;

namespace Tarn.Storage.Memory;

/// <summary>A file that goes away with its owner.</summary>
internal sealed class TemporaryFile(string path) : IDisposable
{
    public void Dispose()
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    /// <summary>The same as a staged file.</summary>
    internal sealed class Staged(string path) : StagedFile
    {
        public override string Path => path;

        public override void Dispose()
        {
            if (File.Exists(path))
                File.Delete(path);
        }
    }
}
