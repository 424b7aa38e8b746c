namespace Tarn.Composition;

/// <summary>What a command needs of the data folder.</summary>
internal enum LakeAccess
{
    /// <summary>Makes one where there is none.</summary>
    Create,

    /// <summary>There must be one: a command that only looks makes nothing.</summary>
    Existing,

    /// <summary>Does without when there is none: only tables outside of the lake are read.</summary>
    Outside,
}
