namespace RingTrace.Exploration;

/// <content>Decisions: what is possible, and doing what was chosen.</content>
internal sealed unsafe partial class Run
{
    /// <summary>A thread has left its body, by its end or because the run is over.</summary>
    public void Ended(LogicalThread thread)
    {
        thread.IsDone = true;
        if (_isOver)
        {
            Unwind();
            return;
        }

        _current = -1;
        try
        {
            StartNext();
        }
        catch (RunOver)
        {
            // What was still hidden of another thread's writes came out, and was wrong.
            Unwind();
        }
    }

    private void Decide(LogicalThread thread)
    {
        while (true)
        {
            int count = OptionsOf(thread);
            int chosen = _chooser.Choose(this, _options.AsSpan(0, count));
            if (chosen < 0)
            {
                Cut();
                ExplorerMachine.t_thread = null;
                return;
            }

            if (chosen == 0)
            {
                return;
            }

            int action = _options[chosen];
            _decisions.Add(new Decision(Steps, action));
            LogicalThread other = _threads[Schedule.ThreadOf(action)];
            switch (Schedule.KindOf(action))
            {
                case ActionKind.Drain:
                    Preemptions++;
                    other.Drain(0);
                    continue;

                case ActionKind.Interrupt:
                    Preemptions++;
                    Interrupts++;
                    thread.Interrupt();
                    continue;

                case ActionKind.Move:
                    Preemptions++;
                    Moves++;
                    thread.Migrate(Scenario.NextCpuOf(thread)!.Value);
                    LeaveTo(thread);
                    continue;

                case ActionKind.Kill:
                    Kills++;
                    thread.IsKilled = true;
                    thread.Drain();
                    _current = -1;
                    StartNext();
                    break;

                default:
                    Preemptions++;
                    thread.DrainMask(Schedule.MaskOf(action));
                    LeaveTo(other);
                    _current = other.Index;
                    other.Resume();
                    break;
            }

            thread.Park();
            Continue();
            return;
        }
    }

    /// <summary>What may happen before this thread's step; the first is that it takes it.</summary>
    private int OptionsOf(LogicalThread thread)
    {
        int count = 0;
        _options[count++] = Schedule.Action(ActionKind.Switch, thread.Index, 0);
        if (Kills < Scenario.MaxKills && Scenario.IsMortal(thread.Index))
        {
            _options[count++] = Schedule.Action(ActionKind.Kill, thread.Index, 0);
        }

        if (Preemptions >= Bound)
        {
            return count;
        }

        if (Interrupts < Scenario.MaxInterrupts && thread.IsInSection)
        {
            _options[count++] = Schedule.Action(ActionKind.Interrupt, thread.Index, 0);
        }

        if (Moves < Scenario.MaxMoves && Scenario.NextCpuOf(thread) is not null)
        {
            _options[count++] = Schedule.Action(ActionKind.Move, thread.Index, 0);
        }

        int subsets = thread.Buffer.Count == 0 ? 0 : thread.Buffer.Subsets(Model, _masks);
        int all = (1 << thread.Buffer.Count) - 1;
        foreach (LogicalThread other in _threads)
        {
            if (other != thread && other.IsLive)
            {
                _options[count++] = Schedule.Action(ActionKind.Switch, other.Index, all);
                for (int i = 0; i < subsets && other.Cpu != thread.Cpu; i++)
                {
                    _options[count++] = Schedule.Action(ActionKind.Switch, other.Index, _masks[i]);
                }

                if (other.Buffer.Count != 0)
                {
                    _options[count++] = Schedule.Action(ActionKind.Drain, other.Index, 0);
                }
            }
        }

        return count;
    }

    /// <summary>No thread is running: any that can may go on, at no cost.</summary>
    private void StartNext()
    {
        int count = 0;
        foreach (LogicalThread thread in _threads)
        {
            if (thread.IsLive)
            {
                _options[count++] = Schedule.Action(ActionKind.Start, thread.Index, 0);
            }
        }

        if (count == 0)
        {
            _isOver = true;
            Unwind();
            return;
        }

        int chosen = _chooser.Choose(this, _options.AsSpan(0, count));
        if (chosen < 0)
        {
            Cut();
            Unwind();
            return;
        }

        if (chosen != 0)
        {
            _decisions.Add(new Decision(Steps, _options[chosen]));
        }

        _current = Schedule.ThreadOf(_options[chosen]);
        LeaveTo(_threads[_current]);
        _threads[_current].Resume();
    }

    /// <summary>A thread goes on: whoever else is on its CPU is not running.</summary>
    private void LeaveTo(LogicalThread next)
    {
        foreach (LogicalThread thread in _threads)
        {
            if (thread != next && thread.IsLive && thread.Cpu == next.Cpu)
            {
                thread.SwitchAway();
            }
        }
    }

    /// <summary>
    /// The rest of the run is known. Its threads leave their bodies by their own end, on plain memory: an exception in
    /// each would take longer than all its steps.
    /// </summary>
    private void Cut()
    {
        IsCut = true;
        _isOver = true;
        foreach (LogicalThread thread in _threads)
        {
            thread.Drain();
        }
    }

    /// <summary>A thread goes on after others have moved.</summary>
    private void Continue()
    {
        if (IsCut)
        {
            ExplorerMachine.t_thread = null;
        }
        else if (_isOver)
        {
            throw RunOver.Instance;
        }
    }

    /// <summary>The run is over: whoever is still inside a body leaves it, one after the other.</summary>
    private void Unwind()
    {
        foreach (LogicalThread thread in _threads)
        {
            if (thread.IsInside)
            {
                thread.Resume();
                return;
            }
        }

        _end.Give();
    }
}
