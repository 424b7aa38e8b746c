using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary>Standard input as a file, because finding out types reads it more than once. Removed on dispose.</summary>
internal sealed class StandardInputFile : IAsyncDisposable
{
    /// <summary>The source that stands for standard input.</summary>
    public const string Source = "-";

    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-").FullName;

    private StandardInputFile()
    {
    }

    /// <summary>Where the bytes lie.</summary>
    public string FilePath => Path.Join(_folder, "stdin");

    /// <summary>Reads standard input to its end; null when no source asks for it.</summary>
    public static async Task<StandardInputFile?> ReadAsync(IReadOnlyList<string> sources, Streams streams, CancellationToken cancellationToken)
    {
        if (!sources.Contains(Source))
            return null;
        var file = new StandardInputFile();
        try
        {
            await using var target = File.Create(file.FilePath);
            await streams.OpenInput().CopyToAsync(target, cancellationToken).WaitAsync(cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
