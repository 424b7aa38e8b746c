namespace Tarn.Testing.Files;

/// <summary>A folder that is removed with everything inside it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("tarn-test-").FullName;

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
