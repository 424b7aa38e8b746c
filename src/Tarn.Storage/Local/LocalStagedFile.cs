using Tarn.Core.Files;
using Tarn.Core.Storage;

namespace Tarn.Storage.Local;

internal sealed class LocalStagedFile(IFileSystem files, string path) : StagedFile
{
    private bool _isConsumed;

    public override string Path => path;

    /// <summary>Says that the file has become an object.</summary>
    public void Consume() => _isConsumed = true;

    public override void Dispose()
    {
        if (_isConsumed)
            return;
        _isConsumed = true;
        try
        {
            if (files.Stat(path) is { IsFolder: false })
                files.DeleteFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Disposing must not hide the failure that led here; the whole staging folder is removed later anyway.
            return;
        }
    }
}
