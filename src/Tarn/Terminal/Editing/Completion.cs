namespace Tarn.Terminal.Editing;

/// <summary>What could stand at the cursor.</summary>
/// <param name="Start">Offset where the word begins that a candidate replaces.</param>
/// <param name="Candidates">Whole words, in the order to show.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>The longest beginning that all candidates share, ignoring case; empty without candidates.</summary>
    public string CommonPrefix
    {
        get
        {
            if (Candidates.Count == 0)
                return "";
            string common = Candidates[0];
            foreach (string candidate in Candidates)
            {
                int length = 0;
                while (length < Math.Min(common.Length, candidate.Length) && char.ToLowerInvariant(common[length]) == char.ToLowerInvariant(candidate[length]))
                    length++;
                common = common[..length];
            }

            return common;
        }
    }
}
