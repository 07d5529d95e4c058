namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>What there is to guess for the target.</summary>
/// <param name="Heads">The names of the heads.</param>
/// <param name="Drafts">The names of the other drafts.</param>
/// <param name="Ngram">Whether the n-gram voter takes part in every arm.</param>
internal sealed record LoadedVoters(IReadOnlyList<string> Heads, IReadOnlyList<string> Drafts, bool Ngram)
{
    /// <summary>The names of all, heads first.</summary>
    public IEnumerable<string> Names => Heads.Concat(Drafts);
}
