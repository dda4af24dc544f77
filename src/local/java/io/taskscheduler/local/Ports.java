package io.taskscheduler.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;

/** Finds ports to listen on. */
final class Ports {
    private final String bind;

    Ports(String bind) {
        this.bind = bind;
    }

    /** The port insisted on, else the preferred one, else, when that is taken, a free one. */
    int choose(String service, OptionalInt insisted, int preferred) {
        if (insisted.isPresent()) {
            if (!isFree(insisted.getAsInt())) {
                throw new StartFailure("Port " + insisted.getAsInt() + " for " + service + " is taken on " + bind
                        + ": end what listens there, or choose another port with -Dlocal." + service + "-port=");
            }
            return insisted.getAsInt();
        }
        return isFree(preferred) ? preferred : free();
    }

    private boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int free() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(bind), 0));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new StartFailure(
                    "Nothing can listen on " + bind + " (" + e.getMessage() + "): give -Dlocal.bind= an address of"
                            + " this machine",
                    e);
        }
    }
}
