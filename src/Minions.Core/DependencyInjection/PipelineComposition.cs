using Minions.Core.Tokenization;

namespace Minions.Core.DependencyInjection;

/// <summary>What the builder puts in place of models from folders. Named options of their own, because delegates have no place in configuration.</summary>
internal sealed class PipelineComposition
{
    public Func<IServiceProvider, ITargetVerifier>? Target { get; set; }

    public List<Func<IServiceProvider, IDraftModel>> Drafts { get; } = [];

    public Func<IServiceProvider, ITextTokenizer>? Tokenizer { get; set; }

    public bool HasLengthController { get; set; }
}
