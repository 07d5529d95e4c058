namespace Minions.Core.Tokenization.Normalization;

/// <summary>
/// Changes a text before it is split into words. Implementations are records: two that do the same are equal, which is how tokenizers are
/// compared.
/// </summary>
internal interface INormalizer
{
    string Normalize(string text);
}
