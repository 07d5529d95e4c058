namespace Minions.Core.Sampling;

/// <summary>
/// What truncation keeps of a row: the ids whose logit is above a value, and of those that equal it the lowest ids. Ranked by logit, then by
/// id, it is the beginning of the row.
/// </summary>
/// <param name="Logit">The least logit that is kept.</param>
/// <param name="LastId">The highest id that is kept with exactly this logit.</param>
internal readonly record struct RowCut(float Logit, int LastId)
{
    /// <summary>Keeps everything.</summary>
    public static RowCut None { get; } = new(float.NegativeInfinity, int.MaxValue);

    public bool Keeps(float logit, int id) => logit > Logit || (logit == Logit && id <= LastId);
}
