namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>
/// Cuts a normalised text into the pieces inside which tokens are merged, and may rewrite them. Implementations are records: two that do the
/// same are equal, which is how tokenizers are compared.
/// </summary>
internal interface IPreTokenizer
{
    /// <param name="piece">A piece that is not empty.</param>
    /// <param name="atStart">Whether the piece begins where the whole text begins.</param>
    /// <param name="pieces">Takes the pieces.</param>
    void Split(string piece, bool atStart, List<string> pieces);
}
