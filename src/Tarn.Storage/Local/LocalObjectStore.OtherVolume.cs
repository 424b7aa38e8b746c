using Tarn.Core.Files;

namespace Tarn.Storage.Local;

/// <summary>Targets on another volume than the data folder: the bytes are written beside the target and renamed there.</summary>
public sealed partial class LocalObjectStore
{
    private const int CopyBufferBytes = 1 << 20;

    private void CopyBeside(Adoption adoption)
    {
        PlaceBeside(adoption.Path, replace: false, beside =>
        {
            using var source = _files.OpenRead(adoption.File.Path);
            using var target = _files.CreateNew(beside);
            Copy(source, target);
            target.Sync();
        });
        _files.DeleteFile(adoption.File.Path);
    }

    private void PlaceBeside(string path, bool replace, Action<string> write)
    {
        var (beside, record) = _staging.NextBeside(Path.GetDirectoryName(path)!);
        try
        {
            write(beside);
            _files.Rename(beside, path, replace);
        }
        finally
        {
            _files.DeleteFile(beside);
            _files.DeleteFile(record);
        }
    }

    private static void Copy(IFileHandle source, IFileHandle target)
    {
        var buffer = new byte[CopyBufferBytes];
        long offset = 0;
        for (int read = source.Read(buffer, 0); read > 0; read = source.Read(buffer, offset))
        {
            target.Write(buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }
}
