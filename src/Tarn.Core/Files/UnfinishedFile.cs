using System.Security.Cryptography;

namespace Tarn.Core.Files;

/// <summary>
/// Files that somebody waits for, which appear under their name when they are complete. Many may write the same one, and the last wins. They are not synced: after a power
/// cut they can be made again.
/// </summary>
public static class UnfinishedFile
{
    private const int RandomChars = 12;

    /// <summary>An end that makes of a name one that no file has.</summary>
    public static string NewEnd() => $".{RandomNumberGenerator.GetHexString(RandomChars, lowercase: true)}.unfinished";

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
            Remove(unfinished);
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
            Remove(unfinished);
        }
    }

    // A name that nobody else has: neither another writer of the same file nor a file of the user's.
    private static string Beside(string path) => path + NewEnd();

    // What cannot be removed is no news beside the failure that left it.
    private static void Remove(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
