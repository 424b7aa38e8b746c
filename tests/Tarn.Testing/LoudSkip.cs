namespace Tarn.Testing;

/// <summary>
/// A proof that could not run because something is missing on this machine. Test runners hide what passing tests print, so <c>./tarn test</c> collects the
/// reasons in the folder that <c>TARN_SKIPS</c> names, shows them at the end, and counts them.
/// </summary>
public static class LoudSkip
{
    /// <summary>Says what did not run and why, in one line.</summary>
    public static void Say(string reason)
    {
        Console.Error.WriteLine($"SKIPPED: {reason}");
        if (Environment.GetEnvironmentVariable("TARN_SKIPS") is { Length: > 0 } folder && Directory.Exists(folder))
        {
            File.WriteAllText(Path.Combine(folder, Guid.NewGuid().ToString("N")), reason + "\n");
        }
    }
}
