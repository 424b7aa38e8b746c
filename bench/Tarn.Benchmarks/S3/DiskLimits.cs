using System.Diagnostics;
using System.Security.Cryptography;
using Tarn.Core.Files;

namespace Tarn.Benchmarks.S3;

/// <summary>What the machine gives without a server.</summary>
internal static class DiskLimits
{
    private const int Files = 4;

    /// <summary>Bytes per second of one core's MD5.</summary>
    public static double Md5(byte[] content)
    {
        long began = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; rounds < Files; rounds++)
            MD5.HashData(content);
        return rounds * (double)content.Length / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Bytes per second of new files, each synced.</summary>
    public static double Write(string folder, byte[] content)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < Files; i++)
        {
            using var file = File.OpenHandle(Path.Join(folder, $"limit-{i}"), FileMode.Create, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        double rate = Files * (double)content.Length / Stopwatch.GetElapsedTime(began).TotalSeconds;
        for (int i = 0; i < Files; i++)
            File.Delete(Path.Join(folder, $"limit-{i}"));
        return rate;
    }

    /// <summary>Synced appends per second to one file.</summary>
    public static double Sync(string folder, byte[] content, TimeSpan time)
    {
        string path = Path.Join(folder, "limit-sync");
        int count = 0;
        long began = Stopwatch.GetTimestamp();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (; Stopwatch.GetElapsedTime(began) < time; count++)
            {
                RandomAccess.Write(file, content, (long)count * content.Length);
                RandomAccess.FlushToDisk(file);
            }
        }

        double rate = count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        File.Delete(path);
        return rate;
    }

    /// <summary>
    /// Small files made durable per second by so many threads, the way that needs no log: a temporary file is written and synced, renamed into its place, and
    /// its folder synced. Each thread has a folder of its own, as the clients beside it do.
    /// </summary>
    /// <param name="root">A folder that is not there yet; it stays, for deleting is work that the disk would do beside what is measured next.</param>
    /// <param name="content">Content of each file.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="names">Names that each thread uses in turn, replacing what it wrote before; null for a new name each time.</param>
    /// <param name="time">How long.</param>
    public static double SmallFiles(string root, byte[] content, int threads, int? names, TimeSpan time)
    {
        long[] counts = new long[threads];
        long began = 0;
        LoadThreads.Run(threads, () => Volatile.Write(ref began, Stopwatch.GetTimestamp()), thread =>
        {
            string own = Directory.CreateDirectory(Path.Join(root, $"{thread}")).FullName;
            return () =>
            {
                for (; Stopwatch.GetElapsedTime(Volatile.Read(ref began)) < time; counts[thread]++)
                    Place(own, $"{(names is { } few ? counts[thread] % few : counts[thread])}", content);
            };
        });
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Place(string folder, string name, byte[] content)
    {
        var disk = PhysicalFileSystem.Instance;
        string staged = Path.Join(folder, name + ".new");
        using (var file = disk.CreateNew(staged))
        {
            file.Write(content, 0);
            file.Sync();
        }

        disk.Rename(staged, Path.Join(folder, name), replace: true);
        disk.SyncFolder(folder);
    }
}
