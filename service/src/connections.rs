//! Connections: no more than a number at a time, and none that a slow client holds.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::http;
use crate::shared::Shared;

/// Most bytes of the head of a request.
const HEAD_BYTES: usize = 16 << 10;
/// Before the system is asked again for a connection that it did not give.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until the end; those that are open then have the time of a stop to end.
pub(crate) async fn serve(
    shared: &Arc<Shared>,
    listener: TcpListener,
    end: impl Future<Output = ()>,
) {
    let server = Server {
        router: TowerToHyperService::new(http::router(shared)),
        graceful: GracefulShutdown::new(),
        shared,
    };
    let places = Arc::new(Semaphore::new(shared.settings.connections));
    let mut end = pin!(end);
    loop {
        // Those without a place wait in the queue of the system.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        tokio::select! {
            () = &mut end => break,
            (Ok((stream, _)), Ok(place)) = accepted => server.take(stream, place),
            else => sleep(PAUSE).await,
        }
    }
    drop(listener);
    shared.stop();
    let _ = timeout(shared.settings.grace, server.graceful.shutdown()).await;
}

struct Server<'a> {
    router: TowerToHyperService<axum::Router>,
    graceful: GracefulShutdown,
    shared: &'a Arc<Shared>,
}

impl Server<'_> {
    fn take(&self, stream: TcpStream, place: OwnedSemaphorePermit) {
        let time = self.shared.settings.client_time;
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(time));
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(time)
            .max_buf_size(HEAD_BYTES);
        let stream = TokioIo::new(Box::pin(stream));
        let connection = builder.serve_connection(stream, self.router.clone());
        let connection = self.graceful.watch(connection);
        let shared = Arc::clone(self.shared);
        tokio::spawn(async move {
            shared.metrics.connections.inc();
            // What a client does wrong is its own affair.
            let _ = connection.await;
            shared.metrics.connections.dec();
            drop(place);
        });
    }
}
