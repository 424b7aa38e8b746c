namespace Tarn.Core.Files;

/// <summary>
/// Files that somebody waits for, which appear under their name when they are complete. Many may write the same one, and the last wins. They are not synced: after a power
/// cut they can be made again.
/// </summary>
public static class UnfinishedFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder exists. What is there is replaced.</param>
    /// <param name="write">Writes all of it to a new file of the path that it gets, on the same volume.</param>
    /// <returns>What <paramref name="write"/> gives. When it fails, all is as before.</returns>
    public static async Task<T> WriteAsync<T>(string path, Func<string, Task<T>> write)
    {
        string unfinished = Beside(path);
        try
        {
            var result = await write(unfinished).ConfigureAwait(false);
            File.Move(unfinished, path, overwrite: true);
            return result;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Writes a file whose content is at hand.</summary>
    public static void Write(string path, byte[] content)
    {
        string unfinished = Beside(path);
        try
        {
            File.WriteAllBytes(unfinished, content);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string Beside(string path) => $"{path}.{Environment.ProcessId}.unfinished";
}
