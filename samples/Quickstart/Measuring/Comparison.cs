using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Tokenization;
using Quickstart.Prompts;
using Quickstart.Reporting;

namespace Quickstart.Measuring;

/// <summary>
/// Answers prompts in three ways, one after another for each prompt so that a change of the machine's pace meets all of them: the target
/// alone as fast as it can (width one), speculatively, and, as the judge of the text, the target alone in bit-identical mode.
/// </summary>
internal sealed class Comparison(SpeculativePipeline pipeline, int maxTokens, int? length)
{
    private const int WarmUpTokens = 32;

    private readonly GenerationOptions _speculative = new() { MaxOutputTokens = maxTokens, SpeculationLength = length };
    private readonly GenerationOptions _plain = new() { MaxOutputTokens = maxTokens, Speculate = false, Mode = DecodingMode.Fastest };
    private readonly GenerationOptions _judge = new() { MaxOutputTokens = maxTokens, Speculate = false };
    private bool _speculativeFirst;

    /// <summary>Runs each way once for a short text, unmeasured: the first runs of a process pay for compilation and buffers.</summary>
    public async Task WarmUpAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        foreach (GenerationOptions options in new[] { _plain, _speculative, _judge })
            await AnswerAsync(prompt, options with { MaxOutputTokens = Math.Min(maxTokens, WarmUpTokens) }, null, cancellationToken);
    }

    /// <summary>Answers one prompt in all three ways.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="show">Called with each token of the speculative answer as it comes; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="BadInputException">The prompt does not fit the target.</exception>
    public async Task<PromptOutcome> RunAsync(Prompt prompt, Action<GeneratedToken>? show, CancellationToken cancellationToken)
    {
        // Taking turns, so that neither way always runs on the processor the other one warmed up.
        _speculativeFirst = !_speculativeFirst;
        GenerationResult? early = _speculativeFirst ? await AnswerAsync(prompt, _speculative, show, cancellationToken) : null;
        GenerationResult plain = await AnswerAsync(prompt, _plain, null, cancellationToken);
        GenerationResult speculative = early ?? await AnswerAsync(prompt, _speculative, show, cancellationToken);
        GenerationResult judge = await AnswerAsync(prompt, _judge, null, cancellationToken);
        return new PromptOutcome(prompt, plain, speculative, judge);
    }

    private async Task<GenerationResult> AnswerAsync(Prompt prompt, GenerationOptions options, Action<GeneratedToken>? show, CancellationToken cancellationToken)
    {
        ITextTokenizer tokenizer = (await pipeline.LoadAsync(cancellationToken)).Tokenizer!;
        try
        {
            IReadOnlyList<int> ids = prompt.Encode(tokenizer);
            if (show is null)
                return await pipeline.GenerateAsync(ids, options, cancellationToken);

            GenerationStream stream = pipeline.StreamAsync(ids, options, cancellationToken);
            await foreach (GeneratedToken token in stream)
                show(token);
            return await stream.Completion;
        }
        catch (ArgumentException fault) when (fault.ParamName == "promptIds")
        {
            throw new BadInputException($"{prompt.Origin}: {FaultText.Of(fault)}", fault);
        }
    }
}
