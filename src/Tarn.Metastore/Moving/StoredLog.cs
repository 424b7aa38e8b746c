using System.Buffers;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Moving;

/// <summary>What a store has at the moment, whether it counts or not.</summary>
/// <param name="Mark">Says that the catalog lives elsewhere; null when it is here.</param>
/// <param name="Commits">All commits, from number 1 on.</param>
internal sealed record StoredLog(MoveMark? Mark, IReadOnlyList<CommitRecord> Commits)
{
    /// <summary>Whether the other log is the beginning of this one, or all of it: the same commits with the same content.</summary>
    public bool Holds(StoredLog other)
    {
        if (other.Commits.Count > Commits.Count)
            return false;
        ArrayBufferWriter<byte> mine = new(), theirs = new();
        for (int i = 0; i < other.Commits.Count; i++)
        {
            mine.ResetWrittenCount();
            theirs.ResetWrittenCount();
            CommitJson.Write(mine, Commits[i]);
            CommitJson.Write(theirs, other.Commits[i]);
            if (!mine.WrittenSpan.SequenceEqual(theirs.WrittenSpan))
                return false;
        }

        return true;
    }
}
