namespace Tarn.Engine.Tests.Writing;

/// <summary>Looks every few milliseconds how many files below a folder this process holds open. Sees nothing where there is no <c>/proc</c>.</summary>
internal sealed class OpenFiles : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Task watching;
    private int most;

    public OpenFiles(string folder)
    {
        watching = OperatingSystem.IsLinux() ? Task.Run(() => WatchAsync(folder)) : Task.CompletedTask;
    }

    /// <summary>The most that were seen.</summary>
    public int Most => Volatile.Read(ref most);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await watching;
        end.Dispose();
    }

    private async Task WatchAsync(string folder)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!end.IsCancellationRequested)
        {
            most = Math.Max(most, Directory.EnumerateFiles("/proc/self/fd").Count(f => Target(f)?.StartsWith(folder, StringComparison.Ordinal) == true));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
