using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Core.GenAI.Loading;

/// <summary>A generator used for its runs alone: it takes ids in, goes back, and shows logits. Never asked for a next token. Used by one thread at a time.</summary>
internal sealed class GenAIGenerator : IDisposable
{
    private readonly Generator _generator;
    private readonly GenAIModel _model;

    public GenAIGenerator(Generator generator, GenAIModel model, int capacity)
    {
        (_generator, _model, Capacity) = (generator, model, capacity);
        model.CountGenerator(+1);
    }

    /// <summary>The most ids it can hold.</summary>
    public int Capacity { get; }

    /// <summary>Runs ids behind those it holds.</summary>
    public void Append(ReadOnlySpan<int> ids) => _generator.AppendTokens(ids);

    /// <summary>Forgets all but the first ids.</summary>
    public void RewindTo(int length) => _generator.RewindTo((ulong)length);

    /// <summary>Runs with an adapter from here on.</summary>
    public void Use(Adapters adapters, string name) => _generator.SetActiveAdapter(adapters, name);

    /// <summary>The logits of the last run, copied to the host. Dispose them.</summary>
    public LogitsRows ReadRows() => new(_generator.GetOutput(_model.Configuration.LogitsName), _model);

    public void Dispose()
    {
        _generator.Dispose();
        _model.CountGenerator(-1);
    }
}
