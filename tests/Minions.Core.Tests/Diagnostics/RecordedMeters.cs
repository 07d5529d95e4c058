using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Minions.Core.Tests.Diagnostics;

/// <summary>Makes meters and keeps what they measure, no other meter of the process. May be written to from several threads.</summary>
internal sealed class RecordedMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Instrument> _instruments = [];
    private readonly ConcurrentQueue<(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)> _measured = [];
    private readonly List<Meter> _meters = [];

    public RecordedMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, this))
                return;

            _instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    public IReadOnlyList<Instrument> Instruments => [.. _instruments];

    /// <summary>The tags of all measurements so far, by their instrument.</summary>
    public ILookup<string, IReadOnlyDictionary<string, object?>> Tags =>
        _measured.ToLookup(measured => measured.Instrument, measured => (IReadOnlyDictionary<string, object?>)measured.Tags.ToDictionary());

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>The values of an instrument, in their order, with all the tags asked for.</summary>
    public double[] Values(string instrument, params (string Key, object Value)[] tags) =>
    [
        .. _measured
            .Where(measured => measured.Instrument == instrument && tags.All(tag => measured.Tags.Any(own => own.Key == tag.Key && tag.Value.Equals(own.Value))))
            .Select(measured => measured.Value),
    ];

    public double Sum(string instrument, params (string Key, object Value)[] tags) => Values(instrument, tags).Sum();

    /// <summary>Reads an instrument that is observed, now.</summary>
    public double[] Observe(string instrument, params (string Key, object Value)[] tags)
    {
        int before = Values(instrument, tags).Length;
        _listener.RecordObservableInstruments();
        return Values(instrument, tags)[before..];
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Meter meter in _meters)
            meter.Dispose();
    }
}
