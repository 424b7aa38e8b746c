namespace Tarn.Testing.Files;

/// <summary>A folder that is removed with everything inside it.</summary>
/// <param name="parent">Where it is made; null for the folder that the system has for such.</param>
public sealed class TemporaryFolder(string? parent = null) : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = parent is null
        ? Directory.CreateTempSubdirectory("tarn-test-").FullName
        : Directory.CreateDirectory(System.IO.Path.Join(parent, $"tarn-test-{System.IO.Path.GetRandomFileName()}")).FullName;

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
