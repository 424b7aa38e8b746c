using System.Diagnostics;
using System.Security.Cryptography;

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
}
